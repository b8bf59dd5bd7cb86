# Stands in for the official image of Node: the Node and npm of `npm ci` on a Debian.
ARG BASE
FROM ${BASE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY ca/extra.pem /etc/ssl/extra.pem
# Empty where this machine believes nobody more than others do.
ARG CA
ENV NODE_EXTRA_CA_CERTS=${CA}
